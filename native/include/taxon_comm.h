// C ABI of libtaxon-comm: what Taxon needs of MPI. The MPI library is opened by name when a job asks for it, so that building and
// running Taxon needs none, and one binary serves Open MPI and MPICH (with Intel MPI, MVAPICH and Cray MPICH, which share MPICH's
// ABI). Every call comes from one thread. Transfers are started and then tested until they are done; buffers stay the caller's.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

typedef struct taxon_comm taxon_comm;

// Independent orders of transfers: those of one lane start in the same order on all ranks.
enum taxon_comm_lane { TAXON_LANE_SMALL = 0, TAXON_LANE_GRADIENTS = 1, TAXON_LANE_BEATS = 2, TAXON_LANES = 3 };

enum taxon_half_format { TAXON_FP16 = 0, TAXON_BF16 = 1 };

// Opens an MPI library, such as libmpi.so.40; NULL where there is none of that name: see taxon_comm_error.
taxon_comm *taxon_comm_open(const char *library);
const char *taxon_comm_error(void);
const char *taxon_comm_version(taxon_comm *comm);

// MPI_Init_thread, once a process. 0: done; else MPI's error code.
int taxon_comm_start(taxon_comm *comm);
int taxon_comm_rank(taxon_comm *comm);
int taxon_comm_size(taxon_comm *comm);
int taxon_comm_finish(taxon_comm *comm);
// Ends all processes of the job.
void taxon_comm_abort(taxon_comm *comm, int code);

// From now on SIGCONT is counted, which some starters send before they end a job. 0: done.
int taxon_comm_listen(void);
int64_t taxon_comm_continued(void);

// Starts a transfer on a lane, which has none under way. 0: started; else MPI's error code.
int taxon_comm_broadcast(taxon_comm *comm, int lane, void *data, int64_t bytes, int root);
// dst (size, bytes): src of every rank.
int taxon_comm_all_gather(taxon_comm *comm, int lane, void *dst, const void *src, int64_t bytes);
// Part r of data (count elements in parts of taxon_comm_part, the last ones shorter or empty) goes to rank r; dst (size, own part).
int taxon_comm_scatter_parts(taxon_comm *comm, int lane, void *dst, const void *data, int64_t count, int element);
// The way back: the own part of data, in its place, goes to all ranks.
int taxon_comm_gather_parts(taxon_comm *comm, int lane, void *data, int64_t count, int element);
// 1: the lane's transfer is done; 0: not yet; negative: MPI's error code, negated.
int taxon_comm_test(taxon_comm *comm, int lane);

// Elements of a part: ⌈count / size⌉, rounded up to whole cache lines of float32.
int64_t taxon_comm_part(int64_t count, int size);

// Messages between two ranks, on the lane of beats. One send and one receive may be under way.
int taxon_comm_send(taxon_comm *comm, const void *data, int64_t bytes, int to);
int taxon_comm_receive(taxon_comm *comm, void *data, int64_t bytes, int from);
int taxon_comm_test_send(taxon_comm *comm);
int taxon_comm_test_receive(taxon_comm *comm);

// dst[i] = scale · (((src[0][i] + src[1][i]) + src[2][i]) + …), always in this order.
void taxon_sum_rows(float *dst, const float *src, int64_t rows, int64_t count, float scale);
// The same for half formats, summed in float32 and rounded once.
void taxon_sum_half_rows(uint16_t *dst, const uint16_t *src, int64_t rows, int64_t count, float scale, int format);
// Rounds to the nearest, ties to even; fp16 overflows to infinity, as in PyTorch.
void taxon_to_half(uint16_t *dst, const float *src, int64_t count, int format);
void taxon_from_half(float *dst, const uint16_t *src, int64_t count, int format);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

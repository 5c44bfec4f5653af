// libtaxon-comm: MPI behind taxon_comm.h, found at run time.
//
// Open MPI's handles are pointers and its constants are objects in the library; MPICH's are 32-bit numbers that its ABI fixes.
// On x86-64 both travel in one register, so that one table of functions over pointer-sized handles fits both: MPICH looks at the
// lower half. Where a library writes a handle (requests, communicators), the cell is cleared before.
#include <dlfcn.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <type_traits>
#include <vector>

#include "taxon_comm.h"

namespace {

typedef intptr_t Handle;

struct Functions {
    int (*init_thread)(int *, char ***, int, int *);
    int (*finalize)();
    int (*abort)(Handle, int);
    int (*comm_rank)(Handle, int *);
    int (*comm_size)(Handle, int *);
    int (*comm_dup)(Handle, Handle *);
    int (*get_library_version)(char *, int *);
    int (*ibcast)(void *, int, Handle, int, Handle, Handle *);
    int (*iallgather)(const void *, int, Handle, void *, int, Handle, Handle, Handle *);
    int (*ialltoallv)(const void *, const int *, const int *, Handle, void *, const int *, const int *, Handle, Handle, Handle *);
    int (*iallgatherv)(const void *, int, Handle, void *, const int *, const int *, Handle, Handle, Handle *);
    int (*isend)(const void *, int, Handle, int, int, Handle, Handle *);
    int (*irecv)(void *, int, Handle, int, int, Handle, Handle *);
    int (*test)(Handle *, int *, Handle);
};

struct Constants {
    Handle world, byte, ignoreStatus;
    void *inPlace;
};

constexpr int FUNNELED = 1;              // MPI_THREAD_FUNNELED in both ABIs
constexpr int MAX_LIBRARY_VERSION = 8192;  // at least as long as each MPI's MPI_MAX_LIBRARY_VERSION_STRING
constexpr int64_t LINE = 16;             // floats

thread_local std::string lastError;

struct Lane {
    Handle comm = 0, request = 0;
    std::vector<int> sendCounts, sendOffsets, counts, offsets;  // MPI reads them until the transfer is done
};

}  // namespace

struct taxon_comm {
    void *library = nullptr;
    Functions mpi{};
    Constants constant{};
    std::string version;
    int rank = 0, size = 1;
    Lane lanes[TAXON_LANES];
    Handle sending = 0, receiving = 0;

    // Bytes of each rank's part, and where it begins.
    void parts(int64_t count, int element, std::vector<int> &counts, std::vector<int> &offsets) const {
        int64_t part = taxon_comm_part(count, size);
        counts.resize(size);
        offsets.resize(size);
        for (int r = 0; r < size; r++) {
            int64_t begin = r * part < count ? r * part : count;
            int64_t end = begin + part < count ? begin + part : count;
            counts[r] = (int)((end - begin) * element);
            offsets[r] = (int)(begin * element);
        }
    }

    int test(Handle *request) const {
        int done = 0;
        int code = mpi.test(request, &done, constant.ignoreStatus);
        return code ? -code : done;
    }
};

extern "C" {

const char *taxon_comm_error(void) { return lastError.c_str(); }

taxon_comm *taxon_comm_open(const char *library) {
    // UCX, under some builds of either, would take SIGSEGV for itself; the JVM lives by that signal.
    setenv("UCX_ERROR_SIGNALS", "", 0);
    // Global, since the plug-ins of Open MPI look for its symbols there.
    void *handle = dlopen(library, RTLD_NOW | RTLD_GLOBAL);
    if (!handle) {
        lastError = dlerror();
        return nullptr;
    }
    auto *comm = new taxon_comm;
    comm->library = handle;
    bool complete = true;
    auto find = [&](auto &function, const char *name) {
        void *symbol = dlsym(handle, name);
        if (!symbol) {
            lastError = std::string(library) + " has no " + name;
            complete = false;
        }
        function = reinterpret_cast<std::decay_t<decltype(function)>>(symbol);
    };
    Functions &mpi = comm->mpi;
    find(mpi.init_thread, "MPI_Init_thread");
    find(mpi.finalize, "MPI_Finalize");
    find(mpi.abort, "MPI_Abort");
    find(mpi.comm_rank, "MPI_Comm_rank");
    find(mpi.comm_size, "MPI_Comm_size");
    find(mpi.comm_dup, "MPI_Comm_dup");
    find(mpi.get_library_version, "MPI_Get_library_version");
    find(mpi.ibcast, "MPI_Ibcast");
    find(mpi.iallgather, "MPI_Iallgather");
    find(mpi.ialltoallv, "MPI_Ialltoallv");
    find(mpi.iallgatherv, "MPI_Iallgatherv");
    find(mpi.isend, "MPI_Isend");
    find(mpi.irecv, "MPI_Irecv");
    find(mpi.test, "MPI_Test");
    if (!complete) {
        delete comm;
        return nullptr;
    }
    std::vector<char> text(MAX_LIBRARY_VERSION);
    int length = 0;
    mpi.get_library_version(text.data(), &length);
    comm->version.assign(text.data());
    if (dlsym(handle, "ompi_mpi_comm_world")) {
        comm->constant = {(Handle)dlsym(handle, "ompi_mpi_comm_world"), (Handle)dlsym(handle, "ompi_mpi_byte"), 0, (void *)1};
    } else {
        bool mpich = comm->version.find("MPICH") != std::string::npos || comm->version.find("MVAPICH") != std::string::npos ||
                comm->version.find("Intel(R) MPI") != std::string::npos;
        if (!mpich) {
            lastError = std::string(library) + " is neither Open MPI nor of MPICH's ABI: " + comm->version;
            delete comm;
            return nullptr;
        }
        comm->constant = {0x44000000, 0x4c00010d, 1, (void *)-1};
    }
    return comm;
}

const char *taxon_comm_version(taxon_comm *comm) { return comm->version.c_str(); }

int taxon_comm_start(taxon_comm *comm) {
    int provided = 0;
    int code = comm->mpi.init_thread(nullptr, nullptr, FUNNELED, &provided);
    if (code) return code;
    comm->mpi.comm_rank(comm->constant.world, &comm->rank);
    comm->mpi.comm_size(comm->constant.world, &comm->size);
    for (Lane &lane : comm->lanes) {
        code = comm->mpi.comm_dup(comm->constant.world, &lane.comm);
        if (code) return code;
    }
    return 0;
}

int taxon_comm_rank(taxon_comm *comm) { return comm->rank; }
int taxon_comm_size(taxon_comm *comm) { return comm->size; }
int taxon_comm_finish(taxon_comm *comm) { return comm->mpi.finalize(); }
void taxon_comm_abort(taxon_comm *comm, int code) { comm->mpi.abort(comm->constant.world, code); }

int taxon_comm_broadcast(taxon_comm *comm, int lane, void *data, int64_t bytes, int root) {
    Lane &l = comm->lanes[lane];
    l.request = 0;
    return comm->mpi.ibcast(data, (int)bytes, comm->constant.byte, root, l.comm, &l.request);
}

int taxon_comm_all_gather(taxon_comm *comm, int lane, void *dst, const void *src, int64_t bytes) {
    Lane &l = comm->lanes[lane];
    Handle byte = comm->constant.byte;
    l.request = 0;
    return comm->mpi.iallgather(src, (int)bytes, byte, dst, (int)bytes, byte, l.comm, &l.request);
}

int64_t taxon_comm_part(int64_t count, int size) {
    int64_t part = (count + size - 1) / size;
    return (part + LINE - 1) / LINE * LINE;
}

int taxon_comm_scatter_parts(taxon_comm *comm, int lane, void *dst, const void *data, int64_t count, int element) {
    Lane &l = comm->lanes[lane];
    Handle byte = comm->constant.byte;
    comm->parts(count, element, l.sendCounts, l.sendOffsets);
    int own = l.sendCounts[comm->rank];
    l.counts.assign(comm->size, own);
    l.offsets.resize(comm->size);
    for (int r = 0; r < comm->size; r++) l.offsets[r] = r * own;
    l.request = 0;
    return comm->mpi.ialltoallv(data, l.sendCounts.data(), l.sendOffsets.data(), byte, dst, l.counts.data(), l.offsets.data(), byte,
            l.comm, &l.request);
}

int taxon_comm_gather_parts(taxon_comm *comm, int lane, void *data, int64_t count, int element) {
    Lane &l = comm->lanes[lane];
    Handle byte = comm->constant.byte;
    comm->parts(count, element, l.counts, l.offsets);
    l.request = 0;
    return comm->mpi.iallgatherv(comm->constant.inPlace, 0, byte, data, l.counts.data(), l.offsets.data(), byte, l.comm, &l.request);
}

int taxon_comm_test(taxon_comm *comm, int lane) { return comm->test(&comm->lanes[lane].request); }

int taxon_comm_send(taxon_comm *comm, const void *data, int64_t bytes, int to) {
    comm->sending = 0;
    return comm->mpi.isend(data, (int)bytes, comm->constant.byte, to, 0, comm->lanes[TAXON_LANE_BEATS].comm, &comm->sending);
}

int taxon_comm_receive(taxon_comm *comm, void *data, int64_t bytes, int from) {
    comm->receiving = 0;
    return comm->mpi.irecv(data, (int)bytes, comm->constant.byte, from, 0, comm->lanes[TAXON_LANE_BEATS].comm, &comm->receiving);
}

int taxon_comm_test_send(taxon_comm *comm) { return comm->test(&comm->sending); }
int taxon_comm_test_receive(taxon_comm *comm) { return comm->test(&comm->receiving); }

}  // extern "C"

// SIGCONT as a notice: Open MPI, asked to end a job, sends SIGCONT first and SIGTERM a second later; Slurm sends both at once.
#include <atomic>
#include <csignal>
#include <cstdint>

#include "taxon_comm.h"

namespace {

std::atomic<int64_t> continued{0};
static_assert(std::atomic<int64_t>::is_always_lock_free, "a signal handler must not lock");

void heard(int) { continued.fetch_add(1, std::memory_order_relaxed); }

}  // namespace

extern "C" {

int taxon_comm_listen(void) {
    struct sigaction action {};
    action.sa_handler = heard;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    return sigaction(SIGCONT, &action, nullptr);
}

int64_t taxon_comm_continued(void) { return continued.load(std::memory_order_relaxed); }

}  // extern "C"

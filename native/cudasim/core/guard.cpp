#include "guard.h"

#include <csetjmp>
#include <csignal>
#include <cstring>
#include <mutex>

#include "control.h"
#include "memory.h"
#include "status.h"

namespace cudasim {

using namespace driver;

namespace {

struct Trap {
    sigjmp_buf back;
    void *address = nullptr;
};

thread_local Trap *trap = nullptr;
struct sigaction previous;  // the JVM's own handler (it uses SIGSEGV itself)

void onSegv(int signal, siginfo_t *info, void *machine) {
    if (trap != nullptr) {
        trap->address = info->si_addr;
        siglongjmp(trap->back, 1);
    }
    if (previous.sa_flags & SA_SIGINFO) {
        previous.sa_sigaction(signal, info, machine);
    } else if (previous.sa_handler == SIG_DFL || previous.sa_handler == SIG_IGN) {
        sigaction(signal, &previous, nullptr);  // the access is repeated and ends the process as it would have
    } else {
        previous.sa_handler(signal);
    }
}

void install() {
    static std::once_flag once;
    std::call_once(once, [] {
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_sigaction = onSegv;
        // NODEFER: we leave the handler by a jump, and the next fault must arrive too.
        action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART;
        sigaction(SIGSEGV, &action, &previous);
    });
}

}  // namespace

int guarded(const char *function, const std::function<int()> &work) {
    install();
    Trap here;
    Trap *outer = trap;
    if (sigsetjmp(here.back, 0) != 0) {
        trap = outer;
        violation("%s: illegal access at %p (%s)", function, here.address, describe(here.address).c_str());
        return ILLEGAL_ADDRESS;
    }
    trap = &here;
    int status = work();
    trap = outer;
    return status;
}

}  // namespace cudasim

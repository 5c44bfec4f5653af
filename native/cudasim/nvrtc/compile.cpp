#include "compile.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

extern char **environ;

namespace cudasim {

namespace {

constexpr int SECONDS = 120;  // then the compiler is stopped: a test must not hang

uint64_t fnv(const std::string &text, uint64_t hash) {
    for (unsigned char c : text) hash = (hash ^ c) * 1099511628211ull;
    return hash;
}

bool exists(const std::string &path) { return access(path.c_str(), R_OK) == 0; }

std::string read(const std::string &path) {
    std::ifstream in(path);
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
}

// kernels/ beside this library, or a folder for temporary files where that cannot be written.
std::string folder() {
    Dl_info info;
    std::string beside = "/tmp";
    if (dladdr(reinterpret_cast<void *>(&folder), &info) && info.dli_fname) {
        std::string path = info.dli_fname;
        beside = path.substr(0, path.rfind('/')) + "/kernels";
        mkdir(beside.c_str(), 0777);
    }
    if (access(beside.c_str(), W_OK) == 0) return beside;
    const char *temporary = getenv("TMPDIR");
    std::string other = std::string(temporary ? temporary : "/tmp") + "/cudasim-kernels";
    mkdir(other.c_str(), 0777);
    return other;
}

// The exit status, or −1 where it could not run or took too long.
int runCompiler(const std::vector<std::string> &words, const std::string &logFile) {
    std::vector<char *> argv;
    for (const std::string &word : words) argv.push_back(const_cast<char *>(word.c_str()));
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, logFile.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    pid_t child = 0;
    int failed = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) return -1;
    for (int tick = 0; tick < SECONDS * 200; tick++) {
        int status = 0;
        if (waitpid(child, &status, WNOHANG) == child) return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        usleep(5000);
    }
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    return -1;
}

}  // namespace

Compiled compile(const std::string &source, const std::vector<std::string> &options) {
    std::vector<std::string> words{CUDASIM_COMPILER, "-x", "c++", "-std=c++17", "-O2", "-march=x86-64-v3", "-fno-math-errno",
            "-fPIC", "-shared", "-w", "-fvisibility=hidden", "-fno-exceptions", "-fno-rtti", "-fdiagnostics-color=never",
            "-fno-threadsafe-statics"};
    words.insert(words.end(), options.begin(), options.end());
    uint64_t hash = 14695981039346656037ull;
    for (const std::string &word : words) hash = fnv(word + "\n", hash);
    hash = fnv(source, hash);
    char name[32];
    snprintf(name, sizeof name, "%016llx", static_cast<unsigned long long>(hash));
    std::string base = folder() + "/" + name;
    Compiled result{true, base + ".so", ""};
    if (exists(result.library)) return result;

    static std::atomic<int> sequence{0};
    std::string own = base + "." + std::to_string(getpid()) + "." + std::to_string(sequence++);
    std::ofstream(own + ".cpp") << source;
    words.insert(words.end(), {"-o", own + ".so", own + ".cpp"});
    int status = runCompiler(words, own + ".log");
    result.log = read(own + ".log");
    result.succeeded = status == 0 && rename((own + ".so").c_str(), result.library.c_str()) == 0;
    if (status == -1) result.log += "cudasim: " CUDASIM_COMPILER " did not run, or took more than two minutes\n";
    unlink((own + ".cpp").c_str());
    unlink((own + ".log").c_str());
    unlink((own + ".so").c_str());
    return result;
}

}  // namespace cudasim

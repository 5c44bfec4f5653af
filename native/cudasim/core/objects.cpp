#include "objects.h"

#include <mutex>
#include <unordered_map>
#include <unordered_set>

namespace cudasim {

namespace {

constexpr int KINDS = static_cast<int>(Kind::COUNT);
constexpr const char *NAMES[KINDS] = {"context", "device memory block", "pinned memory block", "stream", "event", "module",
        "NVRTC program", "cuBLAS handle", "cuDNN handle", "tensor descriptor",
        "filter descriptor", "convolution descriptor", "pooling descriptor", "activation descriptor",
        "op-tensor descriptor", "reduce-tensor descriptor", "dropout descriptor", "communicator"};

struct Live {
    std::mutex mutex;
    std::unordered_map<const void *, Kind> objects;
    std::unordered_set<const void *> excused;  // live when the test began
    int64_t abandoned[KINDS] = {};
};

Live &live() {
    static Live *only = new Live;
    return *only;
}

}  // namespace

void own(Kind kind, const void *object) {
    std::lock_guard<std::mutex> lock(live().mutex);
    live().objects[object] = kind;
}

bool owns(Kind kind, const void *object) {
    std::lock_guard<std::mutex> lock(live().mutex);
    auto found = live().objects.find(object);
    return found != live().objects.end() && found->second == kind;
}

bool valid(Kind kind, const void *object, const char *function) {
    if (owns(kind, object)) return true;
    violation("%s: %p is no live %s", function, object, NAMES[static_cast<int>(kind)]);
    return false;
}

bool disown(Kind kind, const void *object, const char *function) {
    if (!valid(kind, object, function)) return false;
    std::lock_guard<std::mutex> lock(live().mutex);
    live().objects.erase(object);
    live().excused.erase(object);
    return true;
}

void abandon(Kind kind, const void *object) {
    std::lock_guard<std::mutex> lock(live().mutex);
    live().objects.erase(object);
    if (live().excused.erase(object) == 0) live().abandoned[static_cast<int>(kind)]++;
}

static void count(int64_t (&counts)[KINDS]) {
    std::lock_guard<std::mutex> lock(live().mutex);
    for (int i = 0; i < KINDS; i++) counts[i] = live().abandoned[i];
    for (auto &entry : live().objects) {
        if (live().excused.count(entry.first) == 0) counts[static_cast<int>(entry.second)]++;
    }
}

int64_t objectsLeft() {
    int64_t counts[KINDS];
    count(counts);
    int64_t sum = 0;
    for (int64_t c : counts) sum += c;
    return sum;
}

std::string objectsReport() {
    int64_t counts[KINDS];
    count(counts);
    std::string report;
    for (int i = 0; i < KINDS; i++) {
        if (counts[i] == 0) continue;
        if (!report.empty()) report += ", ";
        report += std::to_string(counts[i]) + " " + NAMES[i] + (counts[i] == 1 ? "" : "s");
    }
    return report;
}

void forgetObjects() {
    std::lock_guard<std::mutex> lock(live().mutex);
    for (auto &entry : live().objects) live().excused.insert(entry.first);
    for (int64_t &a : live().abandoned) a = 0;
}

}  // namespace cudasim

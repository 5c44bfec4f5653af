#include "memory.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "context.h"
#include "objects.h"

namespace cudasim {

using namespace driver;

namespace {

constexpr size_t PAGE = 4096;
constexpr size_t ALIGNMENT = 256;       // what cuMemAlloc promises
constexpr size_t SPACE = size_t{1} << 42;  // addresses are never used twice
constexpr unsigned char POISON = 0xFF;  // NaN as float, double, half and bfloat16; −1 as an integer
constexpr unsigned char CANARY = 0xA5;

struct Block {
    size_t bytes;
    uintptr_t mapping;
    size_t mapped;
    Context *context;
};

struct Memory {
    std::shared_mutex mutex;
    uintptr_t base = 0;
    uintptr_t next = 0;
    std::map<uintptr_t, Block> blocks;
    std::map<uintptr_t, size_t> freed;  // for messages
    std::map<int, size_t> used;  // by device
    std::map<uintptr_t, size_t> pinned;
};

Memory &memory() {
    static Memory *only = [] {
        auto *fresh = new Memory;
        void *space = mmap(nullptr, SPACE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (space != MAP_FAILED) fresh->base = fresh->next = reinterpret_cast<uintptr_t>(space);
        return fresh;
    }();
    return *only;
}

bool canariesWhole(uintptr_t start, const Block &block) {
    auto *byte = reinterpret_cast<const unsigned char *>(block.mapping);
    auto *end = byte + block.mapped;
    auto *first = reinterpret_cast<const unsigned char *>(start);
    for (; byte < first; byte++) {
        if (*byte != CANARY) return false;
    }
    for (byte = first + block.bytes; byte < end; byte++) {
        if (*byte != CANARY) return false;
    }
    return true;
}

// Gives the pages back and leaves the addresses unreadable.
void unmap(uintptr_t start, const Block &block) {
    if (!canariesWhole(start, block)) {
        violation("something was written just outside a device block of %zu bytes", block.bytes);
    }
    mmap(reinterpret_cast<void *>(block.mapping), block.mapped, PROT_NONE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    memory().used[block.context->device] -= block.bytes;
    memory().freed[start] = block.bytes;
}

// The block that holds the address; with the mutex held.
std::map<uintptr_t, Block>::iterator find(uintptr_t address) {
    auto after = memory().blocks.upper_bound(address);
    if (after == memory().blocks.begin()) return memory().blocks.end();
    --after;
    return address < after->first + after->second.bytes ? after : memory().blocks.end();
}

}  // namespace

int allocate(Context *context, size_t bytes, uint64_t *pointer) {
    if (bytes == 0) return INVALID_VALUE;
    std::unique_lock<std::shared_mutex> lock(memory().mutex);
    size_t &used = memory().used[context->device];
    if (used + bytes > static_cast<size_t>(setting(Setting::MEMORY))) return OUT_OF_MEMORY;
    size_t aligned = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    size_t mapped = (aligned + PAGE - 1) / PAGE * PAGE;
    if (memory().base == 0 || memory().next + mapped + 2 * PAGE > memory().base + SPACE) return OUT_OF_MEMORY;
    uintptr_t mapping = memory().next + PAGE;
    if (mprotect(reinterpret_cast<void *>(mapping), mapped, PROT_READ | PROT_WRITE) != 0) return OUT_OF_MEMORY;
    memory().next = mapping + mapped;
    uintptr_t start = mapping + mapped - aligned;  // an overrun meets the next page, an underrun the canary
    memset(reinterpret_cast<void *>(mapping), CANARY, start - mapping);
    memset(reinterpret_cast<void *>(start), POISON, bytes);
    memset(reinterpret_cast<void *>(start + bytes), CANARY, aligned - bytes);
    memory().blocks[start] = {bytes, mapping, mapped, context};
    used += bytes;
    own(Kind::MEMORY, reinterpret_cast<void *>(start));
    *pointer = start;
    return SUCCESS;
}

int release(Context *context, uint64_t pointer) {
    if (pointer == 0) return SUCCESS;
    std::unique_lock<std::shared_mutex> lock(memory().mutex);
    auto found = memory().blocks.find(pointer);
    if (found == memory().blocks.end()) {
        lock.unlock();
        auto *address = reinterpret_cast<void *>(pointer);
        violation("cuMemFree: %p is not the start of a block (%s)", address, describe(address).c_str());
        return INVALID_VALUE;
    }
    if (found->second.context != context) {
        violation("cuMemFree: the block belongs to another context than the thread's");
        return INVALID_VALUE;
    }
    unmap(found->first, found->second);
    memory().blocks.erase(found);
    disown(Kind::MEMORY, reinterpret_cast<void *>(pointer), "cuMemFree");
    return SUCCESS;
}

void dropBlocks(Context *context) {
    std::unique_lock<std::shared_mutex> lock(memory().mutex);
    for (auto block = memory().blocks.begin(); block != memory().blocks.end();) {
        if (block->second.context != context) {
            ++block;
            continue;
        }
        unmap(block->first, block->second);
        abandon(Kind::MEMORY, reinterpret_cast<void *>(block->first));
        block = memory().blocks.erase(block);
    }
}

size_t usedBytes(int device) {
    std::shared_lock<std::shared_mutex> lock(memory().mutex);
    auto used = memory().used.find(device);
    return used == memory().used.end() ? 0 : used->second;
}

bool blockOf(uint64_t pointer, uint64_t *start, size_t *bytes) {
    std::shared_lock<std::shared_mutex> lock(memory().mutex);
    auto block = find(pointer);
    if (block == memory().blocks.end()) return false;
    *start = block->first;
    *bytes = block->second.bytes;
    return true;
}

bool deviceAddress(const void *pointer) {
    auto address = reinterpret_cast<uintptr_t>(pointer);
    return memory().base != 0 && address >= memory().base && address < memory().base + SPACE;
}

std::string describe(const void *pointer) {
    auto address = reinterpret_cast<uintptr_t>(pointer);
    if (address == 0) return "null";
    if (!deviceAddress(pointer)) return "host memory";
    std::shared_lock<std::shared_mutex> lock(memory().mutex);
    auto gone = memory().freed.upper_bound(address);
    if (gone != memory().freed.begin() && address < std::prev(gone)->first + std::prev(gone)->second) {
        return "freed device memory";
    }
    auto after = memory().blocks.upper_bound(address);
    if (after != memory().blocks.begin()) {
        auto block = std::prev(after);
        uintptr_t end = block->first + block->second.bytes;
        std::string size = "a block of " + std::to_string(block->second.bytes) + " bytes";
        if (address < end) return std::to_string(end - address) + " bytes before the end of " + size;
        if (address - end < PAGE) return std::to_string(address - end) + " bytes past the end of " + size;
    }
    if (after != memory().blocks.end() && after->first - address < 2 * PAGE) {
        return std::to_string(after->first - address) + " bytes before a block";
    }
    return "device memory that was never allocated";
}

bool inside(const void *pointer, size_t bytes, size_t alignment, const char *function, const char *argument) {
    auto address = reinterpret_cast<uintptr_t>(pointer);
    Context *context = current();
    {
        std::shared_lock<std::shared_mutex> lock(memory().mutex);
        auto block = find(address);
        if (block != memory().blocks.end() && address + bytes <= block->first + block->second.bytes) {
            Context *owner = block->second.context;
            if (context != nullptr && owner != context && context->peers.count(owner) == 0) {
                violation("%s: %s belongs to another context than the thread's", function, argument);
                return false;
            }
            if (address % alignment != 0) {
                violation("%s: %s is not aligned to %zu bytes", function, argument, alignment);
                return false;
            }
            return true;
        }
    }
    violation("%s: %s, %zu bytes at %p, is not in device memory: the start is %s", function, argument, bytes, pointer,
            describe(pointer).c_str());
    return false;
}

int allocatePinned(Context *, size_t bytes, void **pointer) {
    if (bytes == 0) return INVALID_VALUE;
    size_t mapped = (bytes + PAGE - 1) / PAGE * PAGE;
    void *fresh = aligned_alloc(PAGE, mapped);
    if (fresh == nullptr) return OUT_OF_MEMORY;
    memset(fresh, POISON, mapped);
    std::unique_lock<std::shared_mutex> lock(memory().mutex);
    memory().pinned[reinterpret_cast<uintptr_t>(fresh)] = bytes;
    own(Kind::PINNED, fresh);
    *pointer = fresh;
    return SUCCESS;
}

int releasePinned(void *pointer) {
    {
        std::unique_lock<std::shared_mutex> lock(memory().mutex);
        if (memory().pinned.erase(reinterpret_cast<uintptr_t>(pointer)) == 0) {
            violation("cuMemFreeHost: %p was not allocated as pinned memory, or is freed", pointer);
            return INVALID_VALUE;
        }
    }
    disown(Kind::PINNED, pointer, "cuMemFreeHost");
    free(pointer);
    return SUCCESS;
}

int registerPinned(void *pointer, size_t bytes) {
    if (pointer == nullptr || bytes == 0 || deviceAddress(pointer)) return INVALID_VALUE;
    std::unique_lock<std::shared_mutex> lock(memory().mutex);
    if (!memory().pinned.emplace(reinterpret_cast<uintptr_t>(pointer), bytes).second) return 712;  // already registered
    own(Kind::PINNED, pointer);
    return SUCCESS;
}

int unregisterPinned(void *pointer) {
    std::unique_lock<std::shared_mutex> lock(memory().mutex);
    if (memory().pinned.erase(reinterpret_cast<uintptr_t>(pointer)) == 0) return 713;  // not registered
    disown(Kind::PINNED, pointer, "cuMemHostUnregister");
    return SUCCESS;
}

bool pinned(const void *pointer, size_t bytes) {
    std::shared_lock<std::shared_mutex> lock(memory().mutex);
    auto address = reinterpret_cast<uintptr_t>(pointer);
    auto after = memory().pinned.upper_bound(address);
    if (after == memory().pinned.begin()) return false;
    --after;
    return address + bytes <= after->first + after->second;
}

}  // namespace cudasim

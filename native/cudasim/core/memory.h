// Device memory: one range of addresses, blocks with unreadable pages around them, poisoned when new, never reused
// when freed, so that a stale or stray pointer always shows.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

#include "control.h"

namespace cudasim {

class Context;

int allocate(Context *, size_t bytes, uint64_t *pointer);
int release(Context *, uint64_t pointer);
void dropBlocks(Context *);
size_t usedBytes(int device);
// The block that holds the pointer; false where none does.
bool blockOf(uint64_t pointer, uint64_t *start, size_t *bytes);

CUDASIM_SHARED bool deviceAddress(const void *);
// Where the address lies, for a message: "12 bytes past the end of a block of 400", "freed memory", "host memory".
CUDASIM_SHARED std::string describe(const void *);

// True where the bytes lie in one live block that the current context may use, at the alignment; else a violation.
CUDASIM_SHARED bool inside(const void *, size_t bytes, size_t alignment, const char *function, const char *argument);

// Page-locked host memory.
int allocatePinned(Context *, size_t bytes, void **pointer);
int releasePinned(void *pointer);
int registerPinned(void *pointer, size_t bytes);
int unregisterPinned(void *pointer);
bool pinned(const void *, size_t bytes);

}  // namespace cudasim

#ifndef TAXON_IMAGE_BUFFER_H
#define TAXON_IMAGE_BUFFER_H

#include <cstddef>
#include <cstdlib>
#include <new>

namespace taxon {

// Room for plain values, kept from picture to picture and grown when one needs more; growing forgets the values.
template <typename T>
class Buffer {
public:
    Buffer() = default;
    Buffer(const Buffer &) = delete;
    Buffer &operator=(const Buffer &) = delete;
    ~Buffer() { free(data_); }

    // `count` values and 64 bytes that vector code may read or write behind them.
    T *room(size_t count) {
        if (count > capacity_) {
            size_t grown = count + count / 2;
            size_t bytes = (grown * sizeof(T) + 64 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            T *fresh = static_cast<T *>(aligned_alloc(ALIGNMENT, bytes));
            if (!fresh) throw std::bad_alloc();
            free(data_);
            data_ = fresh;
            capacity_ = grown;
        }
        return data_;
    }

    T *data() { return data_; }
    const T *data() const { return data_; }
    T &operator[](size_t i) { return data_[i]; }
    const T &operator[](size_t i) const { return data_[i]; }

private:
    static constexpr size_t ALIGNMENT = 64;

    T *data_ = nullptr;
    size_t capacity_ = 0;
};

}  // namespace taxon

#endif

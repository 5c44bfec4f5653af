#include "source.h"

#include <cctype>

namespace cudasim {

namespace {

// The text with comments and string contents blanked, at the same offsets: what may be searched for words.
std::string code(const std::string &text) {
    std::string out = text;
    size_t i = 0;
    auto blank = [&](size_t end) {
        for (; i < end && i < out.size(); i++) {
            if (out[i] != '\n') out[i] = ' ';
        }
    };
    while (i < text.size()) {
        if (text.compare(i, 2, "//") == 0) {
            size_t end = text.find('\n', i);
            blank(end == std::string::npos ? text.size() : end);
        } else if (text.compare(i, 2, "/*") == 0) {
            size_t end = text.find("*/", i + 2);
            blank(end == std::string::npos ? text.size() : end + 2);
        } else if (text[i] == '"') {
            size_t end = i + 1;
            while (end < text.size() && text[end] != '"' && text[end] != '\n') end += text[end] == '\\' ? 2 : 1;
            i++;
            blank(end);
            i++;
        } else {
            i++;
        }
    }
    return out;
}

bool wordCharacter(char c) { return isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// Where the word stands next, or npos.
size_t findWord(const std::string &text, const std::string &word, size_t from) {
    for (size_t at = text.find(word, from); at != std::string::npos; at = text.find(word, at + 1)) {
        bool begins = at == 0 || !wordCharacter(text[at - 1]);
        bool ends = at + word.size() >= text.size() || !wordCharacter(text[at + word.size()]);
        if (begins && ends) return at;
    }
    return std::string::npos;
}

void skipSpace(const std::string &text, size_t &i) {
    while (i < text.size() && isspace(static_cast<unsigned char>(text[i]))) i++;
}

std::string takeWord(const std::string &text, size_t &i) {
    skipSpace(text, i);
    size_t start = i;
    while (i < text.size() && wordCharacter(text[i])) i++;
    return text.substr(start, i - start);
}

void skipParentheses(const std::string &text, size_t &i) {
    skipSpace(text, i);
    int depth = 0;
    for (; i < text.size(); i++) {
        if (text[i] == '(') depth++;
        if (text[i] == ')' && --depth == 0) {
            i++;
            return;
        }
    }
}

// The name after "__global__ void [__launch_bounds__(…)]", in any order; empty where it is not a function we know.
std::string kernelName(const std::string &text, size_t i) {
    for (;;) {
        std::string word = takeWord(text, i);
        if (word == "__launch_bounds__") {
            skipParentheses(text, i);
        } else if (word != "void" && word != "static" && word != "extern") {
            skipSpace(text, i);
            return i < text.size() && text[i] == '(' ? word : "";
        }
    }
}

// "extern __shared__ T name[];" → "T *name = (T *) cudasim::dynamicShared;", on the same line.
void declareDynamicShared(std::string &text, std::string &searched) {
    for (size_t at = findWord(searched, "extern", 0); at != std::string::npos; at = findWord(searched, "extern", at + 1)) {
        size_t i = at + 6;
        if (takeWord(searched, i) != "__shared__") continue;
        size_t end = searched.find(';', i);
        size_t bracket = searched.find('[', i);
        if (end == std::string::npos || bracket == std::string::npos || bracket > end) continue;
        size_t typeStart = i;
        std::string first = takeWord(searched, i);
        if (first == "__align__") {
            skipParentheses(searched, i);
            typeStart = i;
        }
        size_t nameEnd = bracket;
        while (isspace(static_cast<unsigned char>(searched[nameEnd - 1]))) nameEnd--;
        size_t nameStart = nameEnd;
        while (wordCharacter(searched[nameStart - 1])) nameStart--;
        std::string type = searched.substr(typeStart, nameStart - typeStart);
        std::string name = searched.substr(nameStart, nameEnd - nameStart);
        std::string declared = type + "*" + name + " = (" + type + "*) cudasim::dynamicShared";
        text.replace(at, end - at, declared);
        searched.replace(at, end - at, declared);
    }
}

}  // namespace

HostSource hostSource(const std::string &cuda) {
    HostSource host;
    host.text = cuda;
    std::string searched = code(cuda);
    declareDynamicShared(host.text, searched);
    for (size_t at = findWord(searched, "__global__", 0); at != std::string::npos;
            at = findWord(searched, "__global__", at + 1)) {
        std::string name = kernelName(searched, at + 10);
        if (!name.empty()) host.kernels.push_back(name);
    }
    host.synchronizes = searched.find("__sync") != std::string::npos || searched.find("_sync") != std::string::npos;
    return host;
}

}  // namespace cudasim

package dev.taxon.launcher;

/** Feature number of a Java version text: 8 of {@code 1.8.0_292}, 25 of {@code 25.0.3+9} and {@code 25-ea}. */
final class JavaVersion {
    /** Panama's foreign functions, which reach the native kernels, and our class files want this one. */
    static final int NEEDED = 25;

    private JavaVersion() {}

    /** Returns 0 for text that is no version. */
    static int feature(String version) {
        String rest = version.startsWith("1.") ? version.substring(2) : version;
        int end = 0;
        while (end < rest.length() && end < 4 && rest.charAt(end) >= '0' && rest.charAt(end) <= '9') {
            end++;
        }
        return end == 0 ? 0 : Integer.parseInt(rest.substring(0, end));
    }

    /**
     * Orders versions of one feature by their later numbers: {@code 25.0.10} after {@code 25.0.3}, and anything
     * numeric after a pre-release.
     */
    static int compare(String a, String b) {
        String[] x = a.split("[._+-]");
        String[] y = b.split("[._+-]");
        for (int i = 0; i < Math.max(x.length, y.length); i++) {
            int order = Integer.compare(number(x, i), number(y, i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** A missing part counts as 0, a word ({@code ea}) as less. */
    private static int number(String[] parts, int i) {
        if (i >= parts.length) {
            return 0;
        }
        return parts[i].matches("[0-9]{1,9}") ? Integer.parseInt(parts[i]) : -1;
    }
}

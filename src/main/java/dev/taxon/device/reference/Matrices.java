package dev.taxon.device.reference;

/** Dense matrices as arrays of rows, which the JIT compiler turns into vector code. */
final class Matrices {
    private static final int BLOCK = 512; // columns of b that stay in cache while all rows of a pass over them

    private Matrices() {}

    /** a · b; a (M, K), b (K, N), result (M, N). */
    static double[][] product(double[][] a, double[][] b) {
        int columns = b[0].length;
        double[][] c = new double[a.length][columns];
        for (int start = 0; start < columns; start += BLOCK) {
            int end = Math.min(start + BLOCK, columns);
            for (int i = 0; i < a.length; i++) {
                int k = 0;
                for (; k + 4 <= b.length; k += 4) {
                    addFour(a[i], b, k, c[i], start, end);
                }
                for (; k < b.length; k++) {
                    addOne(a[i][k], b[k], c[i], start, end);
                }
            }
        }
        return c;
    }

    static double[][] transpose(double[][] a) {
        double[][] t = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < t.length; j++) {
                t[j][i] = a[i][j];
            }
        }
        return t;
    }

    private static void addFour(double[] a, double[][] b, int k, double[] c, int start, int end) {
        double a0 = a[k];
        double a1 = a[k + 1];
        double a2 = a[k + 2];
        double a3 = a[k + 3];
        double[] b0 = b[k];
        double[] b1 = b[k + 1];
        double[] b2 = b[k + 2];
        double[] b3 = b[k + 3];
        for (int j = start; j < end; j++) {
            c[j] += a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
        }
    }

    private static void addOne(double a, double[] b, double[] c, int start, int end) {
        for (int j = start; j < end; j++) {
            c[j] += a * b[j];
        }
    }
}

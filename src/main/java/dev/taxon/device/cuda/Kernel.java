package dev.taxon.device.cuda;

import jcuda.driver.CUfunction;

/** One of our kernels, compiled and loaded. */
record Kernel(String name, CUfunction function) {}

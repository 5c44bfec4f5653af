/**
 * NVIDIA GPUs: cuDNN and cuBLAS through JCuda, and our own kernels compiled by NVRTC. Everything inside a program is NCHW
 * (tokens: (N, L, C)) float32.
 */
@NullMarked
package dev.taxon.device.cuda;

import org.jspecify.annotations.NullMarked;

/** Data sets: MNIST, FashionMNIST, CIFAR-10, CIFAR-100 in the layouts of mmcls. */
@NullMarked
package dev.taxon.data.dataset;

import org.jspecify.annotations.NullMarked;

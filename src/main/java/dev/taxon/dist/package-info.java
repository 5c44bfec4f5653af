/**
 * Training and testing by several processes: what they say to each other. MPI moves the bytes; this package decides what is sent
 * when. It knows weights and devices, no config.
 */
@NullMarked
package dev.taxon.dist;

import org.jspecify.annotations.NullMarked;

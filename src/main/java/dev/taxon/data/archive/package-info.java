/**
 * Images inside of archives, read where they lie: tar, tar of tars, zip, our own packed files. An index beside the
 * archive says where each member is, so that nothing is unpacked and no listing is made twice.
 */
@NullMarked
package dev.taxon.data.archive;

import org.jspecify.annotations.NullMarked;

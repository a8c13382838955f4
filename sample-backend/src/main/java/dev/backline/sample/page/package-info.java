/** The landing page and the files that it needs. */
@NullMarked
package dev.backline.sample.page;

import org.jspecify.annotations.NullMarked;

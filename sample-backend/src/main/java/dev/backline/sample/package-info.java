@NullMarked
package dev.backline.sample;

import org.jspecify.annotations.NullMarked;

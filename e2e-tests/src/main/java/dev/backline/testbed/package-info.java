@NullMarked
package dev.backline.testbed;

import org.jspecify.annotations.NullMarked;

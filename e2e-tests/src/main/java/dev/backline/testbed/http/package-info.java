/**
 * The little of HTTP that the testbed needs: a response reader, addresses, calls to control ports.
 */
@NullMarked
package dev.backline.testbed.http;

import org.jspecify.annotations.NullMarked;

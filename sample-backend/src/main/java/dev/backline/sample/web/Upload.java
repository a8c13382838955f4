package dev.backline.sample.web;

/**
 * What is known of a body that has wholly arrived and wasn't kept.
 *
 * @param length in bytes
 * @param sha256 its digest in lower case hexadecimal digits
 */
public record Upload(long length, String sha256) {}

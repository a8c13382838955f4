package dev.backline.balancer.admin;

/**
 * What doesn't change about a member while it runs.
 *
 * @param version of its code
 * @param configFile which it reads again at a reload; absolute
 */
public record MemberAbout(String name, String version, String configFile) {}

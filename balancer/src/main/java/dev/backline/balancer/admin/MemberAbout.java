package dev.backline.balancer.admin;

/** What doesn't change about a member while it runs: its name and the version of its code. */
public record MemberAbout(String name, String version) {}

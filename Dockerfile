# The images of the balancer and of the sample backend:
#   docker build --target balancer -t backline/balancer .
#   docker build --target sample-backend -t backline/sample-backend .
# No "# syntax=" line: it would ask a registry at each build.
ARG BUILD_IMAGE=maven:3-eclipse-temurin-25
ARG BASE_IMAGE=eclipse-temurin:25-jre

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY pom.xml ./
COPY balancer/pom.xml balancer/
COPY sample-backend/pom.xml sample-backend/
COPY e2e-tests/pom.xml e2e-tests/
COPY balancer/src/main balancer/src/main
COPY sample-backend/src/main sample-backend/src/main
# Checked and tested by `mvn verify`; here they are only built.
RUN --mount=type=cache,target=/root/.m2,sharing=locked \
    mvn -B -ntp -q -P image -pl balancer,sample-backend package
# The health check as a class by itself: to open a jar would take it longer than to run.
# Netty's native libraries where the JVM looks for them: none has to be unpacked into /tmp at each start.
RUN mkdir -p /out/health /out/native \
    && cd /out/health && jar -xf /build/balancer/target/balancer.jar dev/backline/balancer/HealthCheck.class \
    && cd /out && jar -xf /build/balancer/target/balancer.jar META-INF/native \
    && cp META-INF/native/*.so native/

FROM ${BASE_IMAGE} AS run
RUN echo 'backline:x:10001:10001::/:/usr/sbin/nologin' >>/etc/passwd \
    && echo 'backline:x:10001:' >>/etc/group
COPY LICENSE /opt/backline/
COPY --from=build /out/health /opt/backline/health

FROM run AS sample-backend
LABEL org.opencontainers.image.title="Backline sample backend" \
      org.opencontainers.image.description="dumbsound, a small music site that can be told to misbehave" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY sample-backend/src/main/docker/jvm.options /opt/backline/
COPY --from=build /build/sample-backend/target/sample-backend.jar /opt/backline/
RUN --mount=type=bind,source=sample-backend/src/main/docker/train,target=/train /train
USER backline
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
    CMD ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx8m", "-cp", "/opt/backline/health", "dev.backline.balancer.HealthCheck", "3000", "/health"]
ENTRYPOINT ["java", "@/opt/backline/jvm.options", "-XX:AOTCache=/opt/backline/sample-backend.aot", "-jar", "/opt/backline/sample-backend.jar"]
CMD ["--host", "0.0.0.0"]

FROM run AS balancer
LABEL org.opencontainers.image.title="Backline" \
      org.opencontainers.image.description="An HTTP load balancer that notices a failing backend before its users do" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY balancer/src/main/docker/jvm.options /opt/backline/
COPY --from=build /out/native /opt/backline/native
COPY --from=build /build/balancer/target/balancer.jar /opt/backline/
RUN --mount=type=bind,source=balancer/src/main/docker/train,target=/train \
    --mount=type=bind,from=build,source=/build/sample-backend/target,target=/sample-backend \
    /train /sample-backend/sample-backend.jar
COPY balancer/src/main/docker/backline /usr/local/bin/
COPY balancer/src/main/docker/make-secrets /opt/backline/
COPY balancer/src/main/docker/config /etc/backline
# Threads come and go with members and connections: an arena of malloc for each would grow without end.
ENV MALLOC_ARENA_MAX=2
# Where it keeps secrets: a volume that is mounted here belongs to the user, too.
RUN install -d -o backline -g backline -m 700 /run/backline/secrets
USER backline
WORKDIR /etc/backline
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
    CMD ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx8m", "-cp", "/opt/backline/health", "dev.backline.balancer.HealthCheck", "7070", "/readyz"]
ENTRYPOINT ["java", "@/opt/backline/jvm.options", "-XX:AOTCache=/opt/backline/balancer.aot", "-jar", "/opt/backline/balancer.jar"]
CMD ["run", "/etc/backline/backline.yml"]

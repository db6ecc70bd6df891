# The agent's image: the agent, the databases' tools, a shell for hooks, and nothing else. amd64 and arm64.
#
#   docker build -f deploy/docker/agent.Dockerfile -t backupy/agent .
#
# BINARIES=prebuilt takes dist/linux-ARCH/agent instead of compiling it: the image of a release has the very file that was signed.
ARG BINARIES=compiled
ARG SWIFT_IMAGE=swift:6.3-bookworm
ARG DEBIAN_IMAGE=debian:trixie-slim

FROM ${SWIFT_IMAGE} AS compiled
RUN apt-get update \
    && apt-get install -y --no-install-recommends libzstd-dev zlib1g-dev libpq-dev libsqlite3-dev libexpat1-dev \
        libargon2-dev libcurl4-openssl-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
COPY Sources Sources
# None is built, but the package can't be read without them.
COPY Tests Tests
ARG COMMIT=unknown
ARG BUILD_DATE=unknown
ENV BACKUPY_COMMIT=${COMMIT} BACKUPY_BUILD_DATE=${BUILD_DATE}
RUN swift build -c release --static-swift-stdlib --product agent \
    && mkdir /out && cp "$(swift build -c release --show-bin-path)/agent" /out/ && strip /out/agent

FROM scratch AS prebuilt
ARG TARGETARCH
COPY dist/linux-${TARGETARCH}/agent /out/agent

FROM ${BINARIES} AS binaries

# Tools dump from servers of their own version and older ones, so these are the newest that Debian has. Versions are held to a
# release, within which Debian only mends what is broken; which ones they are is in /usr/share/backupy/packages.
FROM ${DEBIAN_IMAGE} AS tools
ARG POSTGRESQL_VERSION=17
ARG MARIADB_VERSION=1:11.8.*
ARG REDIS_VERSION=5:8.0.*
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates busybox-static binutils libsqlite3-0 libexpat1 libzstd1 \
        "postgresql-client-${POSTGRESQL_VERSION}=${POSTGRESQL_VERSION}.*" \
        "mariadb-client=${MARIADB_VERSION}" "redis-tools=${REDIS_VERSION}" \
    && rm -rf /var/lib/apt/lists/*
COPY --from=binaries /out/agent /usr/local/bin/agent
COPY deploy/docker/collect-root /usr/local/bin/collect-root
RUN collect-root /root-of-image agent \
        /usr/lib/postgresql/${POSTGRESQL_VERSION}/bin/pg_dump /usr/lib/postgresql/${POSTGRESQL_VERSION}/bin/pg_dumpall \
        /usr/lib/postgresql/${POSTGRESQL_VERSION}/bin/pg_restore /usr/lib/postgresql/${POSTGRESQL_VERSION}/bin/psql \
        mariadb-dump mariadb redis-cli \
        '/usr/lib/*/libmariadb3/plugin/caching_sha2_password.so' '/usr/lib/*/libmariadb3/plugin/client_ed25519.so' \
    && install -d -o 65532 -g 65532 -m 0700 /root-of-image/var/lib/backup-agent

FROM scratch
COPY --from=tools /root-of-image /
ARG VERSION=0.0.0
ARG COMMIT=unknown
ARG BUILD_DATE=unknown
LABEL org.opencontainers.image.title="Backupy agent" \
    org.opencontainers.image.description="Finds databases, and ships encrypted backups of them to object storage" \
    org.opencontainers.image.licenses="MIT" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${COMMIT}" \
    org.opencontainers.image.created="${BUILD_DATE}" \
    backupy.enable="false"
ENV PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 BACKUPY_STATE_DIR=/var/lib/backup-agent
USER 65532:65532
VOLUME ["/var/lib/backup-agent"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["/usr/local/bin/agent", "health-check"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/agent"]
CMD ["run"]

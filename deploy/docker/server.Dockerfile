# The control plane's image: the server, its libraries, and nothing else. amd64 and arm64.
#
#   docker build -f deploy/docker/server.Dockerfile -t backupy/server .
#
# BINARIES=prebuilt takes dist/linux-ARCH/backupy-server instead of compiling it.
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
RUN swift build -c release --static-swift-stdlib --product backupy-server \
    && mkdir /out && cp "$(swift build -c release --show-bin-path)/backupy-server" /out/ && strip /out/backupy-server

FROM scratch AS prebuilt
ARG TARGETARCH
COPY dist/linux-${TARGETARCH}/backupy-server /out/backupy-server

FROM ${BINARIES} AS binaries

FROM ${DEBIAN_IMAGE} AS libraries
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates busybox-static binutils tzdata \
        libsqlite3-0 libexpat1 libzstd1 libpq5 libargon2-1 libcurl4t64 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=binaries /out/backupy-server /usr/local/bin/backupy-server
COPY deploy/docker/collect-root /usr/local/bin/collect-root
RUN collect-root /root-of-image backupy-server \
    && install -d -o 65532 -g 65532 -m 0700 /root-of-image/var/lib/backupy

FROM scratch
COPY --from=libraries /root-of-image /
ARG VERSION=0.0.0
ARG COMMIT=unknown
ARG BUILD_DATE=unknown
LABEL org.opencontainers.image.title="Backupy server" \
    org.opencontainers.image.description="The control plane of Backupy" \
    org.opencontainers.image.licenses="MIT" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${COMMIT}" \
    org.opencontainers.image.created="${BUILD_DATE}" \
    backupy.enable="false"
ENV PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 \
    BACKUPY_LISTEN=0.0.0.0:8080 BACKUPY_DATA_DIR=/var/lib/backupy
USER 65532:65532
VOLUME ["/var/lib/backupy"]
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["/bin/busybox", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/healthz"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/backupy-server"]

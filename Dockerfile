# A host in a container: no shell, no package manager, not root, and a root file system that may be read-only.
#
#   docker build --tag swiper .
#   docker run --read-only --tmpfs /tmp --volume swiper:/data --volume /etc/swiper:/etc/swiper:ro --publish 7443:7443 \
#       --env-file swiper.env swiper
#
# Options are environment variables (docs/operations.md): Sms:Url is Swiper__Sms__Url. A host starts with these in swiper.env:
# Swiper__Tls__CertificatePath=/etc/swiper/fullchain.pem, Swiper__Tls__KeyPath=/etc/swiper/privkey.pem, which the user 1654 must be able to
# read, and Swiper__Sms__Url=https://..., Swiper__Sms__Token=... Secrets come from there or from mounted files, never from the image. Ops:Address is for the container's own network: publish 7490 to nobody but what monitors.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
ARG TARGETARCH
WORKDIR /source
COPY . .
RUN ./swiper publish --runtime "linux-$(echo "$TARGETARCH" | sed s/amd64/x64/)" --output /app && mkdir --mode=700 /data

FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
COPY --from=build /app /app
COPY --from=build --chown=1654:1654 /data /data
ENV DOTNET_ENVIRONMENT=Production \
    Swiper__Storage__Data=/data \
    Swiper__Ops__Address=0.0.0.0
# The image's own user, by number, so that Kubernetes can see that it is not root.
USER 1654:1654
VOLUME /data
EXPOSE 7443 7490
STOPSIGNAL SIGTERM
# The first answer comes when the indexes have been read, which takes a while with millions of users.
HEALTHCHECK --interval=10s --timeout=5s --start-period=5m CMD ["/app/Swiper.Host", "health"]
ENTRYPOINT ["/app/Swiper.Host"]

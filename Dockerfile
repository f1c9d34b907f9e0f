# syntax=docker/dockerfile:1
# docker build -t aigateway .
# docs/deploy.md says how to run it. The final image has no shell and no package manager.

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
ARG TARGETARCH
ARG VERSION=0.1.0
WORKDIR /source
COPY . .

# The content of every package is compared with the lock files first. They are for all platforms, and the image is for one.
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages \
    dotnet restore src/Api --locked-mode \
    && dotnet publish src/Api -c Release -a $TARGETARCH --self-contained false -p:Version=$VERSION \
       -p:NuGetLockFilePath=obj/platform.lock.json -o /app
RUN mkdir /data

# "extra" has ICU, which the driver of SQL Server needs, and time zones, which budgets of a team need.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
COPY --from=build /app /app
COPY --from=build --chown=$APP_UID:$APP_UID /data /data

# The working directory holds the SQLite file, unless ConnectionStrings__Gateway names another place or server.
WORKDIR /data
VOLUME /data

# Diagnostics would write to /tmp, which a read-only container does not have.
ENV ASPNETCORE_HTTP_PORTS=8080 DOTNET_EnableDiagnostics=0
EXPOSE 8080
USER $APP_UID
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/app/AiGateway.Api", "health"]
ENTRYPOINT ["/app/AiGateway.Api"]

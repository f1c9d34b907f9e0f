using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AiGateway.Api.Tests.Faults;

/// <summary>The outermost middleware. It makes each read and write of the client's connection one of the <see cref="FaultPoints"/>.</summary>
internal sealed class FaultyConnection(FaultPoints points) : IStartupFilter
{
    public const string Marker = "x-faults";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (HttpContext context, RequestDelegate rest) =>
        {
            if (!context.Request.Headers.ContainsKey(Marker))
            {
                await rest(context);
                return;
            }

            points.Begin(context);
            context.Request.Body = new FaultyStream(context.Request.Body, points);
            var real = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
            context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new FaultyStream(real.Stream, points), real));
            await rest(context);
        });
        next(app);
    };

    private sealed class FaultyStream(Stream real, FaultPoints points) : Stream
    {
        public override bool CanRead => real.CanRead;

        public override bool CanWrite => real.CanWrite;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(PassAsync("read", async () => await real.ReadAsync(buffer, cancellationToken)));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => new(PassAsync(
            "write",
            async () =>
            {
                await real.WriteAsync(buffer, cancellationToken);
                return true;
            }));

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => PassAsync(
            "flush",
            async () =>
            {
                await real.FlushAsync(cancellationToken);
                return true;
            });

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private Task<T> PassAsync<T>(string name, Func<Task<T>> run) => points.PassAsync(name, mayFailBefore: true, mayFailAfter: true, run);
    }
}

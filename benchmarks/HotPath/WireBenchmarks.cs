using AiGateway.Api.Auth;
using AiGateway.Api.Http;
using AiGateway.Api.OpenAi;
using AiGateway.Application.Generation;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;

namespace AiGateway.HotPath;

/// <summary>Reading OpenAI's JSON: the client's request, and the provider's reply and chunks.</summary>
[MemoryDiagnoser]
public class WireBenchmarks
{
    private readonly ReadOnlyMemory<byte> _request = Samples.Request;
    private readonly ReadOnlyMemory<byte> _reply = Samples.Reply;
    private readonly ReadOnlyMemory<byte> _chunk = Samples.Chunk;
    private readonly DefaultHttpContext _context = new();

    /// <summary>What the middleware would have put into the context.</summary>
    [GlobalSetup]
    public void Enter()
    {
        var now = TimeProvider.System.GetUtcNow();
        _context.Features.Set(new RequestIdentity(Guid.CreateVersion7(now), now));
        _context.User = CallerIdentity.PrincipalOf(Samples.Caller, "ApiKey");
    }

    /// <summary>A chat completion's body to the generate command.</summary>
    [Benchmark]
    public Generate ReadRequest() => ChatCompletionReader.Read(_request, _context).Command;

    /// <summary>A plain reply.</summary>
    [Benchmark]
    public ModelReply? ReadReply() => OpenAiReply.FromChatCompletion(_reply, Samples.Model);

    /// <summary>One chunk of a stream.</summary>
    [Benchmark]
    public ReplyChunk ReadChunk()
    {
        OpenAiChunk.Read(_chunk, eventType: null, modelSoFar: Samples.Model, out var chunk);
        return chunk;
    }

    /// <summary>The same chunk for a client that did not ask for usage.</summary>
    [Benchmark]
    public ReadOnlyMemory<byte> StripUsage() => UsageMember.Strip(_chunk);
}

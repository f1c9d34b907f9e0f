using AiGateway.Api.Auth;
using AiGateway.Api.Http;
using AiGateway.Api.OpenAi;
using AiGateway.Application.Generation;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;

namespace AiGateway.HotPath;

/// <summary>Reads OpenAI's JSON: the client's request, and the provider's reply and chunks.</summary>
[MemoryDiagnoser]
public class WireBenchmarks
{
    private readonly ReadOnlyMemory<byte> _request = Samples.Request;
    private readonly ReadOnlyMemory<byte> _reply = Samples.Reply;
    private readonly ReadOnlyMemory<byte> _chunk = Samples.Chunk;
    private readonly DefaultHttpContext _context = new();

    /// <summary>Puts the values into the context that the middleware would put there.</summary>
    [GlobalSetup]
    public void Enter()
    {
        var now = TimeProvider.System.GetUtcNow();
        _context.Features.Set(new RequestIdentity(Guid.CreateVersion7(now), now));
        _context.User = CallerIdentity.PrincipalOf(Samples.Caller, "ApiKey");
    }

    /// <summary>Reads the body of a chat completion into the generate command.</summary>
    [Benchmark]
    public Generate ReadRequest() => ChatCompletionReader.Read(_request, _context).Command;

    /// <summary>Reads a plain reply.</summary>
    [Benchmark]
    public ModelReply? ReadReply() => OpenAiReply.FromChatCompletion(_reply, Samples.Model);

    /// <summary>Reads one chunk of a stream.</summary>
    [Benchmark]
    public ReplyChunk ReadChunk()
    {
        OpenAiChunk.Read(_chunk, eventType: null, modelSoFar: Samples.Model, out var chunk);
        return chunk;
    }

    /// <summary>Removes the usage from the same chunk, for a client that did not ask for it.</summary>
    [Benchmark]
    public ReadOnlyMemory<byte> StripUsage() => UsageMember.Strip(_chunk);
}

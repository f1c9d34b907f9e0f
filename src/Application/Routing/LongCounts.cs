using AiGateway.Application.Pricing;
using AiGateway.Application.Requests;

namespace AiGateway.Application.Routing;

/// <summary>Counts the tokens of long prompts on threads of their own: a count of many MiB takes seconds.</summary>
internal sealed class LongCounts(ITokenCounter tokens) : IDisposable
{
    /// <summary>Characters of a prompt that are counted at once: 1 ms for ordinary text, 0.1 s at worst.</summary>
    public const int MostAtOnce = 64 * 1024;

    /// <summary>Longer prompts have threads apart, so that a prompt of usual length never waits for one of many MiB.</summary>
    public const int MostOfUsual = 1024 * 1024;

    /// <summary>Counts of usual prompts at once, and of longer ones. Together they use half the processors.</summary>
    public static readonly int MostOfEach = Math.Max(1, Environment.ProcessorCount / 4);

    private readonly OwnThreads _usual = new(MostOfEach);
    private readonly OwnThreads _longer = new(MostOfEach);

    /// <summary>Whether a tokenizer must read a long prompt. A bound by bytes takes no time.</summary>
    public bool Needs(ModelRequest request, List<Target> targets) =>
        request.TextLength > MostAtOnce && targets.Exists(target => tokens.UsesTokenizer(target.Call.Model));

    /// <summary>Waits for a free place, then counts on a thread of its own.</summary>
    /// <param name="request">The request.</param>
    /// <param name="count">Counts.</param>
    /// <param name="cancellationToken">Ends the wait when the caller leaves.</param>
    public Task<T> RunAsync<T>(ModelRequest request, Func<T> count, CancellationToken cancellationToken) =>
        (request.TextLength > MostOfUsual ? _longer : _usual).RunAsync(count, cancellationToken);

    public void Dispose()
    {
        _usual.Dispose();
        _longer.Dispose();
    }
}

using AiGateway.Application.Pricing;
using Microsoft.Extensions.Hosting;

namespace AiGateway.Infrastructure.Pricing.Tokens;

/// <summary>
/// Loads the tokenizer of most models in the background after the start. It takes half a second, and otherwise the first request
/// would wait for it. The other tokenizer is loaded at its first use.
/// </summary>
internal sealed class TokenizerWarmUp(ITokenCounter tokens) : BackgroundService
{
    private const string OneOfMostModels = "gpt-5.6";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Run(() => tokens.CountText(OneOfMostModels, "warm"), stoppingToken);
}

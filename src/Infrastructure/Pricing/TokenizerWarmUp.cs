using AiGateway.Application.Ports;
using Microsoft.Extensions.Hosting;

namespace AiGateway.Infrastructure.Pricing;

/// <summary>
/// Loads the tokenizers in the background after the start. Each takes half a second, and otherwise the first request would
/// wait for it.
/// </summary>
internal sealed class TokenizerWarmUp(ITokenCounter tokens) : BackgroundService
{
    private static readonly string[] OneModelOfEachFamily = ["gpt-5.6", "gpt-4"];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(
        () =>
        {
            foreach (var model in OneModelOfEachFamily) tokens.CountText(model, "warm");
        },
        stoppingToken);
}

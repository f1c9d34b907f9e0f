using AiGateway.Infrastructure.Persistence.Startup;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AiGateway.Api.Cli;

/// <summary>
/// Tells the operator, once, how to sign in. It goes to the console and not to the log, because it holds the first key.
/// </summary>
internal static class FirstStartNotice
{
    public static void PrintOnceListening(WebApplication app, FirstStartResult firstStart) =>
        app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine(Compose(AddressOf(app), firstStart.Secret)));

    /// <summary>The notice. A key that the operator configured is named by its variable and never printed.</summary>
    public static string Compose(string address, string? generatedKey)
    {
        var key = generatedKey ?? "$AI_GATEWAY_BOOTSTRAP_KEY";
        var origin = generatedKey is null
            ? "First start: the user \"admin\" was created with the key in AI_GATEWAY_BOOTSTRAP_KEY."
            : $"First start: the user \"admin\" was created with this API key, shown only this once:\n\n  {key}";
        return $$"""

            {{origin}}

            Try it:

              curl -s {{address}}/api/v1/ai/generate -H "Authorization: Bearer {{key}}" -H "Content-Type: application/json" -d '{"prompt":"Hello!"}'

            Console: {{address}}/ (sign in with the key)
            Swagger UI: {{address}}/swagger

            """;
    }

    private static string AddressOf(WebApplication app)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        return address is null
            ? "http://localhost:5080"
            : address.Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal).Replace("://[::]", "://localhost", StringComparison.Ordinal);
    }
}

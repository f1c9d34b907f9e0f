using AiGateway.Testing;

namespace AiGateway.Api.Tests.Hosting;

/// <summary>Calls to a gateway that runs in its own process.</summary>
internal static class ProcessCalls
{
    /// <summary>A client of the gateway.</summary>
    public static GatewayClient Caller(this GatewayProcess gateway, string? credentials) => new(gateway.Address, credentials);
}

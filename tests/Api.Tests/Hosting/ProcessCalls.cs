using AiGateway.Testing;

namespace AiGateway.Api.Tests.Hosting;

/// <summary>Calls to a gateway that runs as a process of its own.</summary>
internal static class ProcessCalls
{
    /// <summary>A caller of it.</summary>
    public static GatewayClient Caller(this GatewayProcess gateway, string? credentials) => new(gateway.Address, credentials);
}

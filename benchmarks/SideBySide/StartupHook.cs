using System.Diagnostics.CodeAnalysis;
using AiGateway.SideBySide.Switching;

/// <summary>The runtime calls it in a gateway that is started with <c>DOTNET_STARTUP_HOOKS</c>, before the program begins.</summary>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime looks for this name.")]
internal static class StartupHook
{
    public static void Initialize() => GatewayHook.Install();
}

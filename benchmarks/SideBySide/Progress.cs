namespace AiGateway.SideBySide;

/// <summary>What the benchmark does now, on the standard error.</summary>
internal static class Progress
{
    public static void Say(string text) => Console.Error.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss} {text}");
}

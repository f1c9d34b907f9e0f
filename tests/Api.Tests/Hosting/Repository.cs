namespace AiGateway.Api.Tests.Hosting;

/// <summary>Files of the project that tests compare with the code.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string Find()
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(folder, "AiGateway.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}

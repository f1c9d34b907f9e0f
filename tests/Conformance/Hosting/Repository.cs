namespace AiGateway.Conformance.Tests.Hosting;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AiGateway.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("The tests run outside the repository.");
    }
}

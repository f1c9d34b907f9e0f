namespace AiGateway.Testing;

/// <summary>The files of the repository that tests compare with the code.</summary>
public static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Find();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AiGateway.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("The program runs outside the repository.");
    }
}

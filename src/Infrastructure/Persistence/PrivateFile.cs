namespace AiGateway.Infrastructure.Persistence;

/// <summary>Creates files that only their owner can read: they contain usage, names of users and hashes of keys.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates a file of mode 0600 for writing. On Windows the folder decides who may read it.</summary>
    /// <exception cref="IOException">The file exists, or cannot be created.</exception>
    public static FileStream CreateNew(string path, int bufferSize)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = bufferSize,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }
}

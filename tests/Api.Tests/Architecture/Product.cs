using System.Reflection;
using System.Runtime.CompilerServices;
using AiGateway.Api.Controllers;
using AiGateway.Application.Generation;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Architecture;

/// <summary>The product's assemblies, types and source files, which the architecture rules are checked against.</summary>
internal static class Product
{
    public static Assembly Domain => typeof(User).Assembly;

    public static Assembly Application => typeof(Generate).Assembly;

    public static Assembly Infrastructure => typeof(LedgerSettings).Assembly;

    public static Assembly Api => typeof(GenerationController).Assembly;

    /// <summary>Every type of the product's assemblies that is not generated.</summary>
    public static IEnumerable<Type> Types => new[] { Domain, Application, Infrastructure, Api }.SelectMany(WrittenTypes);

    /// <summary>The types of an assembly, without those of the compiler and of the coverage tool.</summary>
    public static IEnumerable<Type> WrittenTypes(Assembly assembly) => assembly.GetTypes().Where(type =>
        !type.Name.Contains('<')
        && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && type.Namespace?.StartsWith("Coverlet", StringComparison.Ordinal) != true);

    /// <summary>The source files below these folders of the repository, without the migrations, which are generated.</summary>
    public static IEnumerable<SourceFile> Sources(params string[] folders)
    {
        var root = Repository.Root;
        return
            from folder in folders
            from path in Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories)
            let name = Path.GetRelativePath(root, path).Replace('\\', '/')
            where !name.Split('/').Any(part => part is "obj" or "bin" or "Migrations")
            select new SourceFile(name, File.ReadAllText(path));
    }

    /// <summary>The files of the repository that match a pattern such as <c>docs/*.md</c>. Subfolders are not searched.</summary>
    public static IEnumerable<SourceFile> Documents(string pattern)
    {
        var folder = Path.Combine(Repository.Root, Path.GetDirectoryName(pattern)!);
        return
            from path in Directory.EnumerateFiles(folder, Path.GetFileName(pattern))
            select new SourceFile(Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'), File.ReadAllText(path));
    }
}

/// <summary>A file of the repository.</summary>
/// <param name="Path">Path from the root of the repository, with forward slashes.</param>
/// <param name="Text">The content.</param>
internal sealed record SourceFile(string Path, string Text);

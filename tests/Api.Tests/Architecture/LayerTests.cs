using System.Reflection;

namespace AiGateway.Api.Tests.Architecture;

/// <summary>The dependencies between layers: Api -> Application -> Domain, Infrastructure -> Application -> Domain.</summary>
public sealed class LayerTests
{
    private static readonly string[] DomainMayUse = ["System"];

    private static readonly string[] ApplicationMayUse =
    [
        "System", "AiGateway.Domain", "FluentValidation", "MediatR", "Scrutor",
        "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions",
    ];

    // The composition root, a command that runs without it, and the settings records that authentication and rate limiting read.
    private static readonly string[] MayNameInfrastructure =
    [
        "src/Api/Auth/AuthenticationServices.cs",
        "src/Api/Auth/JwtAuthentication.cs",
        "src/Api/Auth/Sessions/OidcSignIn.cs",
        "src/Api/Auth/Sessions/PersonRights.cs",
        "src/Api/Cli/BackupCommand.cs",
        "src/Api/Cli/Checks/CheckCommand.cs",
        "src/Api/Cli/Checks/CheckReport.cs",
        "src/Api/Cli/CommandLine.cs",
        "src/Api/Cli/FirstStartNotice.cs",
        "src/Api/Cli/PricesCommand.cs",
        "src/Api/Cli/SchemaCommand.cs",
        "src/Api/Composition.cs",
        "src/Api/ProcessSettings.cs",
        "src/Api/Program.cs",
        "src/Api/RateLimiting/RateLimitingServices.cs",
    ];

    [Test]
    public void Domain_DependsOn_SystemAlone() => Assert.That(Strangers(Product.Domain, DomainMayUse), Is.Empty);

    [Test]
    public void Application_DependsOn_DomainAndItsListedLibrariesAlone() => Assert.That(Strangers(Product.Application, ApplicationMayUse), Is.Empty);

    [Test]
    public void Infrastructure_DoesNotDependOn_Api() => Assert.That(Knows(Product.Infrastructure, Product.Api), Is.False);

    [Test]
    public void Rule_ForADomainThatDependsOnMore_NamesIt() =>
        Assert.That(Strangers(Product.Application, DomainMayUse), Does.Contain("AiGateway.Domain").And.Contain("MediatR"));

    [Test]
    public void Rule_ForAnApplicationThatDependsOnMore_NamesIt() =>
        Assert.That(
            Strangers(Product.Infrastructure, ApplicationMayUse),
            Does.Contain("AiGateway.Application").And.Contain("Microsoft.EntityFrameworkCore").And.Contain("OpenAI"));

    [Test]
    public void Rule_ForAnAssemblyThatDependsOnApi_SaysSo() => Assert.That(Knows(typeof(LayerTests).Assembly, Product.Api), Is.True);

    [Test]
    public void Api_NamesInfrastructure_OnlyWhereTheProgramIsComposed() =>
        Assert.That(NamingInfrastructure(Product.Sources("src/Api")), Is.EqualTo(MayNameInfrastructure));

    [Test]
    public void Rule_ForAControllerThatNamesInfrastructure_NamesTheFile() =>
        Assert.That(
            NamingInfrastructure([new("src/Api/Controllers/Wrong.cs", "using AiGateway.Infrastructure.Ledger;"), new("src/Api/Right.cs", "")]),
            Is.EqualTo(["src/Api/Controllers/Wrong.cs"]));

    private static string[] Strangers(Assembly assembly, string[] known) =>
        [.. References(assembly).Where(name => !known.Any(each => name == each || (each == "System" && IsRuntime(name))))];

    private static bool Knows(Assembly assembly, Assembly other) => References(assembly).Contains(other.GetName().Name!);

    private static IEnumerable<string> References(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(reference => reference.Name!);

    private static bool IsRuntime(string name) => name.StartsWith("System.", StringComparison.Ordinal);

    private static IEnumerable<string> NamingInfrastructure(IEnumerable<SourceFile> files) =>
        files.Where(file => file.Text.Contains("AiGateway.Infrastructure", StringComparison.Ordinal))
            .Select(file => file.Path).Order(StringComparer.Ordinal);
}

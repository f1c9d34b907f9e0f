using AiGateway.Testing;

namespace AiGateway.Api.Tests.Deployment;

/// <summary>What the image promises, read from the Dockerfile. <see cref="PublishedProgramTests"/> starts the program as the image does.</summary>
internal sealed class DockerfileTests
{
    private static readonly Dockerfile Image = Dockerfile.Read().Image;

    [Test]
    public void Image_HasNoShell_AndIcu_AndTheRuntimeOfTheProject()
    {
        Assert.That(Repository.Read("Directory.Build.props"), Does.Contain("<TargetFramework>net10.0</TargetFramework>"));
        Assert.That(Image["FROM"], Is.EqualTo("mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra"));
        Assert.That(Image.Instructions.Select(each => each.Name), Has.None.EqualTo("RUN"));
    }

    [Test]
    public void Image_RunsAsTheUserOfTheBaseImage_WhoOwnsTheDataFolderAlone()
    {
        Assert.That(Image["USER"], Is.EqualTo("$APP_UID"));
        Assert.That(Image["VOLUME"], Is.EqualTo(Image["WORKDIR"]), "the SQLite file is made in the working directory");
        Assert.That(
            Image.Instructions.Where(each => each.Name == "COPY").Select(each => each.Arguments),
            Is.EqualTo(["--from=build /app /app", $"--from=build --chown=$APP_UID:$APP_UID {Image["VOLUME"]} {Image["VOLUME"]}"]));
    }

    [Test]
    public void Image_IsStoppedBySigterm_AndChecksItsHealthWithoutAShell()
    {
        Assert.That(Image["STOPSIGNAL"], Is.EqualTo("SIGTERM"));
        Assert.That(Image.HealthCheck, Is.EqualTo([.. Image.EntryPoint, "health"]));
    }

    [TestCase("Dockerfile")]
    [TestCase("Directory.Build.props")]
    [TestCase("README.md")]
    public void Build_OfTheImage_CopiesWhatTheProjectNeeds(string file) => Assert.That(
        Repository.Read(".dockerignore").Split('\n').Contains($"!{file}"),
        Is.EqualTo(file != "Dockerfile"),
        "every other file of the repository stays outside the build");
}

using System.Text.Json.Nodes;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Deployment;

/// <summary>What the release workflow may do, and that what it runs exists.</summary>
internal sealed class ReleaseTests
{
    private static readonly JsonObject Workflow = Yaml.Read(".github/workflows/release.yml");
    private static readonly JsonNode[] Steps =
        [.. Workflow["jobs"]!.AsObject().SelectMany(job => job.Value!["steps"]!.AsArray()).Select(step => step!)];

    [Test]
    public void Workflow_MayReadAlone_UnlessAJobSaysMore()
    {
        Assert.That(Workflow["permissions"]!.ToJsonString(), Is.EqualTo("""{"contents":"read"}"""));
        Assert.That(Workflow["on"]!.ToJsonString(), Is.EqualTo("""{"push":{"tags":["v*"]}}"""));
    }

    [Test]
    public void Workflow_TakesTheVersionFromTheTag_ForTheFilesAndTheImage()
    {
        var runs = Steps.Select(step => step["run"]?.GetValue<string>() ?? "").ToArray();

        Assert.That(runs, Has.Some.EqualTo("bash scripts/release.sh \"${GITHUB_REF_NAME#v}\""));
        Assert.That(runs, Has.Some.StartsWith("echo \"VERSION=${GITHUB_REF_NAME#v}\""));
        Assert.That(
            Steps.Select(step => step["with"]?["build-args"]?.GetValue<string>()).OfType<string>(),
            Is.EqualTo(["VERSION=${{ env.VERSION }}", "VERSION=${{ env.VERSION }}"]));
        Assert.That(Path.Combine(Repository.Root, "scripts/release.sh"), Does.Exist);
    }

    [Test]
    public void Image_IsRunBeforeItIsPublished()
    {
        var steps = Workflow["jobs"]!["image"]!["steps"]!.AsArray();
        var run = steps.Index().Single(each => each.Item!["run"]?.GetValue<string>().StartsWith("docker run", StringComparison.Ordinal) is true).Index;
        var push = steps.Index().Single(each => each.Item!["with"]?["push"] is not null).Index;

        Assert.That(run, Is.LessThan(push));
    }
}

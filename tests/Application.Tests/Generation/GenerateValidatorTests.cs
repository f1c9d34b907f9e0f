using AiGateway.Application.Generation;

namespace AiGateway.Application.Tests.Generation;

/// <summary>Every bound of the generate command, tested through the pipeline. Faults name fields as they are named on the wire.</summary>
public sealed class GenerateValidatorTests
{
    [TestCaseSource(typeof(GenerateEdges), nameof(GenerateEdges.Inside))]
    public async Task Generate_WhenInsideItsBounds_NamesNoFault(Generate request, string[] fields)
    {
        using var useCases = new UseCases();

        var faults = await useCases.FaultsOfAsync(request);

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(fields));
    }

    [TestCaseSource(typeof(GenerateEdges), nameof(GenerateEdges.Outside))]
    public async Task Generate_WhenOutsideItsBounds_NamesEveryFaultyField(Generate request, string[] fields)
    {
        using var useCases = new UseCases();

        var faults = await useCases.FaultsOfAsync(request);

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(fields));
        Assert.That(faults.Select(fault => fault.Message), Has.All.Not.Empty);
        Assert.That(useCases.Holds, Is.Empty);
    }

    [TestCaseSource(typeof(GenerateEdges), nameof(GenerateEdges.Inside))]
    [TestCaseSource(typeof(GenerateEdges), nameof(GenerateEdges.Outside))]
    public async Task Estimate_ForTheSameBody_NamesTheSameFields(Generate request, string[] fields)
    {
        using var useCases = new UseCases();

        var faults = await useCases.FaultsOfAsync(new EstimateGeneration(request));

        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(fields));
    }
}

using AiGateway.Application.Pricing;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Tests.Providers;

/// <summary>A price book of one model, which every provider sells.</summary>
internal sealed class FixedPrices : IPriceBook
{
    public string Version => "test";

    public IReadOnlyList<PricedModel> Models { get; } = [TestCall.Model("gpt-test")];

    public DateOnly? CheckedOn => null;

    public PricedModel? Find(string provider, string model) => model == "gpt-test" ? TestCall.Model(model, provider: provider) : null;

    public PricedModel? FindPriced(string pricedAs, string model) => Find(pricedAs, model);
}

using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping.Budgets;

internal sealed class RateMapping : IEntityTypeConfiguration<Rate>
{
    public void Configure(EntityTypeBuilder<Rate> builder)
    {
        builder.ToTable("rates");
        builder.HasKey(rate => new { rate.ScopeId, rate.Metric }).HasName("pk_rates");
        builder.Property(rate => rate.ScopeId).HasColumnName("scope_id").ValueGeneratedNever();
        builder.Property(rate => rate.Metric).HasColumnName("metric").ValueGeneratedNever();
        builder.Property(rate => rate.ScopeKind).HasColumnName("scope_kind");
        builder.Property(rate => rate.Amount).HasColumnName("amount");
        builder.Property(rate => rate.Since).HasColumnName("since");
        builder.Property(rate => rate.Tat).HasColumnName("tat");
        builder.Ignore(rate => rate.Limit);
    }
}

using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping;

/// <summary>Corrections name their request without a foreign key, because they stay when the record is archived.</summary>
internal sealed class UsageCorrectionMapping : IEntityTypeConfiguration<UsageCorrection>
{
    public void Configure(EntityTypeBuilder<UsageCorrection> builder)
    {
        builder.ToTable("usage_corrections");
        builder.HasKey(correction => correction.Id).HasName("pk_usage_corrections");
        builder.Property(correction => correction.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(correction => correction.RequestId).HasColumnName("request_id");
        builder.Property(correction => correction.CreatedAt).HasColumnName("created_at");
        builder.Property(correction => correction.CorrectedBy).HasColumnName("corrected_by");
        builder.Property(correction => correction.PreviousCostNanoUsd).HasColumnName("previous_cost_nano_usd");
        builder.Property(correction => correction.CostNanoUsd).HasColumnName("cost_nano_usd");
        builder.Property(correction => correction.Reason).HasColumnName("reason").HasMaxLength(UsageCorrection.MaxReasonLength);
        builder.HasIndex(correction => correction.RequestId).HasDatabaseName("ix_usage_corrections_request_id");
    }
}

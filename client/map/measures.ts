/** Sizes of what stands for incidents, alike in the map's images and in the server's picture of it. */

/** Widths of clusters by the step of what they stand for, px. */
export const clusterSizes = [30, 35, 40, 45, 50] as const;

/** Where the steps of {@link clusterSizes} begin, after the first. */
export const sizeSteps = [10, 50, 250, 1000] as const;

/** Parts that the ring of a cluster is cut into; with more, there would be a picture for each cluster. */
export const ringParts = 12;

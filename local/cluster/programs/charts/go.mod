// Modules that carry charts or kinds of publishers; nothing is built from them. Their versions are in
// local/aws/custom_resources/carried.py, and go.sum here says what each must be.
module mlplatform.local/programs/charts

go 1.26.0
